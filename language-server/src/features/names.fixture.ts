/** A policy set in which every kind of name is declared and mentioned. */
export const NAMES: Readonly<Record<string, string>> = {
  'a.policy.yaml': `name: old
mode: enforce
priority: 1
when:
  all:
    - { fact: connector.name, operator: in, value: [partner, "internet"] }
    - condition: outdated
    - { fact: server.version, operator: versionIn, value: '< "Mailer 2 SP1"' }
stages:
  - { name: report, after: 0d }
  - { name: late, after: 30d, block: always }
thresholds:
  - { refusals: 10, within: 24h, advanceTo: late }
`,
  'b.policy.json': `{
  "name": "other", "mode": "report", "priority": 2,
  "when": { "condition": "outdated" },
  "stages": [{ "name": "late", "after": "0d" }]
}
`,
  'c.conditions.yaml': `conditions:
  - name: outdated
    when: { all: [{ fact: server.product, operator: equal, value: Mailer }] }
`,
  'd.connectors.yaml': `connectors:
  - name: partner
    type: Partner
    tags: &tags [known]
    match: { networks: [192.0.2.0/24] }
  - name: other
    type: OnPremises
    tags: *tags
    match: { networks: [198.51.100.0/24] }
  - name: internet
    type: Internet
`,
  'e.invariants.yaml': `invariants:
  - name: kind
    ladder: { policies: [old], neverBlockedBefore: 30d }
  - name: whole
    covered: { connectors: [partner], products: [Mailer] }
`,
  'f.builds.yaml': `products:
  - name: Mailer
    versions: 2.x
    builds:
      - { name: Mailer 2 SP1, version: "2.1" }
`,
};
