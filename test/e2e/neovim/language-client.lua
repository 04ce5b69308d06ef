-- Drives the language server as Neovim's own client does, and prints what came of it as one line of JSON a step.
-- Written for Neovim 0.7, Debian 12's: `nvim --headless --clean -c 'luafile …'`.
local server, folder, edited = vim.env.LANGUAGE_SERVER, vim.env.POLICY_FOLDER, vim.env.POLICY_FILE

local function tell(step, value)
  io.stdout:write(vim.json.encode({ step = step, value = value }) .. '\n')
end

local function until_true(what, condition)
  assert(vim.wait(20000, condition, 10), what .. ': not in time')
end

local function run()
  vim.cmd('edit ' .. folder .. '/' .. edited)
  local buffer = vim.api.nvim_get_current_buf()
  local id = vim.lsp.start_client({
    name = 'sluice',
    cmd = { 'node', server, '--stdio' },
    root_dir = folder,
    workspace_folders = { { uri = vim.uri_from_fname(folder), name = 'policies' } },
  })
  assert(id, 'the server did not start')
  vim.lsp.buf_attach_client(buffer, id)
  until_true('initialize', function()
    local client = vim.lsp.get_client_by_id(id)
    return client and client.initialized
  end)
  local client = vim.lsp.get_client_by_id(id)

  local function ask(method, params)
    params.textDocument = params.textDocument or vim.lsp.util.make_text_document_params(buffer)
    local answers = vim.lsp.buf_request_sync(buffer, method, params, 20000)
    assert(answers and answers[id], method .. ': no answer')
    assert(not answers[id].err, method .. ': ' .. vim.inspect(answers[id].err))
    return answers[id].result
  end

  -- The place of a text in the buffer, some letters into it.
  local function place(text, letters)
    for index, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
      local column = line:find(text, 1, true)
      if column then
        return { line = index - 1, character = column - 1 + letters }
      end
    end
    error(text .. ' is not in the buffer')
  end

  local function codes()
    local found = {}
    for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
      found[#found + 1] = diagnostic.code
    end
    return found
  end

  until_true('diagnostics', function() return #codes() > 0 end)
  tell('diagnostics', codes())

  local diagnostic = vim.diagnostic.get(buffer)[1]
  local range = {
    start = { line = diagnostic.lnum, character = diagnostic.col },
    ['end'] = { line = diagnostic.end_lnum, character = diagnostic.end_col },
  }
  local actions = ask('textDocument/codeAction', {
    range = range,
    context = { diagnostics = { diagnostic.user_data.lsp and vim.tbl_extend('force', diagnostic.user_data.lsp, {
      range = range, message = diagnostic.message, code = diagnostic.code, source = diagnostic.source,
    }) or { range = range, message = diagnostic.message, code = diagnostic.code } } },
  })
  tell('codeAction', actions[1].title)
  vim.lsp.util.apply_workspace_edit(actions[1].edit, client.offset_encoding)
  until_true('diagnostics go', function() return #codes() == 0 end)
  tell('fixed', codes())

  local hover = ask('textDocument/hover', { position = place('versionIn, value: ', 22) })
  tell('hover', hover.contents.value or hover.contents)

  local completion = ask('textDocument/completion', { position = place('operator: equal', 10) })
  local labels = {}
  for _, item in ipairs(completion.items or completion) do
    labels[#labels + 1] = item.label
  end
  tell('completion', labels)

  local definition = ask('textDocument/definition', { position = place('value: on-premises', 10) })
  tell('definition', definition[1].uri:match('[^/]+$') .. ':' .. definition[1].range.start.line + 1)

  local edit = ask('textDocument/rename', { position = place('value: on-premises', 10), newName = 'our-own' })
  vim.lsp.util.apply_workspace_edit(edit, client.offset_encoding)
  local files = {}
  for uri in pairs(edit.changes or {}) do
    files[#files + 1] = uri:match('[^/]+$')
  end
  table.sort(files)
  tell('rename', files)

  vim.api.nvim_buf_set_lines(buffer, 1, 1, false, { 'owner:      someone@example.org   # asked first' })
  local formatted = ask('textDocument/formatting', { options = { tabSize = 2, insertSpaces = true } })
  vim.lsp.util.apply_text_edits(formatted, buffer, client.offset_encoding)
  tell('formatting', vim.api.nvim_buf_get_lines(buffer, 1, 2, false)[1])

  client.stop()
  until_true('the server stops', function() return client.is_stopped() end)
  tell('stopped', true)
end

local is_done, problem = pcall(run)
if not is_done then
  io.stderr:write(tostring(problem) .. '\n')
  vim.cmd('cquit 1')
end
vim.cmd('qall!')
