// Statements that nobody asks what they read for.

export function demandPurpose(): void {
  // Every purpose will do.
}
