/** A small policy set, sound in itself, in which everything is that can be explained. */
export const MAILER: Readonly<Record<string, string>> = {
  'old.policy.yaml': `name: old
description: Mailer 1 is *out* of support.
mode: enforce
priority: 100
effective: { from: 2026-01-01 }
when:
  all:
    - condition: ours
    - { fact: server.version, operator: versionIn, value: '<"Mailer 2 SP1"' }
stages:
  - { name: report, after: 0d }
  - { name: slow, after: 30d, throttle: 5m/h, block: 10m/h }
  - { name: blocked, after: 45d12h, block: always }
thresholds:
  - { refusals: 1000, within: 24h, advanceTo: blocked }
help: https://example.org/old
replies:
  throttle: "450 4.7.230 {server} runs {build}; {throttle.minutes} mins/hr until {next.date}."
  block: "550 5.7.230 {server} at {connector}: see {help}."
`,
  'a.connectors.yaml': `connectors:
  - name: inside
    description: Our own servers.
    type: OnPremises
    match: { networks: [192.0.2.0/24, "2001:db8::/32"], tlsNames: ["*.example.org"] }
    tags: [hybrid]
`,
  'a.conditions.yaml': `conditions:
  - name: ours
    description: A server of ours.
    when:
      any:
        - { fact: connector.type, operator: equal, value: OnPremises }
`,
  'a.exemptions.yaml': `exemptions:
  - name: fax
    whom: { condition: ours }
    reason: Ordered.
    grantedBy: ciso@example.org
    until: 2026-12-31
`,
  'a.invariants.yaml': `invariants:
  - name: gentle
    description: No shock.
    ladder: { policies: [old], neverBlockedBefore: 30d, atMostMore: 20m/h }
`,
  'a.builds.yaml': `products:
  - name: Mailer 1
    versions: 1.x
    supportEnds: 2025-10-14
    builds:
      - { name: Mailer 1 RTM, version: "1.0.5.1", released: 2020-01-01 }
      - { name: Mailer 1 SU1, version: "1.0.5.3", released: 2021-02-03 }
  - name: Mailer 2
    versions: 2.x
    builds:
      - { name: Mailer 2 RTM, version: "2.0.7.1" }
      - { name: Mailer 2 SP1, version: "2.1.8.1" }
`,
};
