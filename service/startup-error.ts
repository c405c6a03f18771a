/** The service cannot start. The message is for the person who typed the command: what is wrong, where, what to do. */
export class StartupError extends Error {}
