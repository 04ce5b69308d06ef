/** The version of this package; a constant, so that it holds in a bundle as well. */
export const SERVER_VERSION = '0.1.0';
