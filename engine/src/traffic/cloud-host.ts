import type { Version } from '../policy/version.js';

/** Host names of Exchange Online, its protection service and Forefront Online Protection, its predecessor. */
const CLOUD_DOMAINS: readonly string[] = [
  'prod.outlook.com',
  'mail.protection.outlook.com',
  'outlook.office365.com',
  'protection.gbl',
  'bigfish.com',
];

/**
 * Whether the host is one of Microsoft's mail cloud, by the end of its name. A part of a name says nothing:
 * `smtpo365.corp.example` is a server of its owner.
 *
 * @param host lower-cased
 */
export function isCloudHost(host: string): boolean {
  return CLOUD_DOMAINS.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

/**
 * Whether only Exchange Online has such a version: 15.20 and above, while installed servers have 15.0 to 15.2. It tells
 * national clouds and renamed hosts; older cloud versions overlap with installed ones, and only the host tells them.
 */
export function isCloudVersion(version: Version): boolean {
  return version[0] === 15 && version[1] >= 20;
}
