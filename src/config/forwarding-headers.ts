/** In which header trusted proxies say for whom they ask. One of them, because a proxy passes on the other as its client wrote it. */
export const FORWARDING_HEADERS = ['x-forwarded-for', 'forwarded'] as const;
export type ForwardingHeader = (typeof FORWARDING_HEADERS)[number];
