#!/bin/sh
# Installs the VS Code server that the npm package code-server holds: no compiler, no install scripts, nothing but npm.
#   install-vscode.sh FOLDER
# Started by: node FOLDER/node_modules/code-server/lib/vscode/out/server-main.js
# For Linux on x64 with glibc. 4.104.0 (VS Code 1.104) is the newest that is known to run on Node 20.
set -eu
version=4.104.0
folder=$1
[ -e "$folder/complete-$version" ] && exit 0

rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --ignore-scripts --omit=dev --no-audit --no-fund "code-server@$version"
cd node_modules/code-server/lib/vscode
# Not `npm ci`: the shrinkwrap that comes with it is out of step.
npm install --silent --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
# To see files change it needs a native module, an optional dependency of which npm has a build.
watcher=$(node -p 'require("./node_modules/@parcel/watcher/package.json").version')
npm pack --silent "@parcel/watcher-linux-x64-glibc@$watcher" > /dev/null
mkdir -p node_modules/@parcel/watcher-linux-x64-glibc
tar -xzf "parcel-watcher-linux-x64-glibc-$watcher.tgz" --strip-components=1 -C node_modules/@parcel/watcher-linux-x64-glibc
rm "parcel-watcher-linux-x64-glibc-$watcher.tgz"
# To find files by name it needs ripgrep, which older versions download from elsewhere.
if [ -d node_modules/@vscode/ripgrep ] && [ ! -x node_modules/@vscode/ripgrep/bin/rg ]; then
  npm pack --silent @vscode/ripgrep-linux-x64@1.18.0 > /dev/null
  mkdir -p node_modules/@vscode/ripgrep/bin
  tar -xzf vscode-ripgrep-linux-x64-1.18.0.tgz --strip-components=2 -C node_modules/@vscode/ripgrep/bin package/bin/rg
  rm vscode-ripgrep-linux-x64-1.18.0.tgz
fi
[ -e node_modules.asar ] || ln -s node_modules node_modules.asar
touch "$folder/complete-$version"
