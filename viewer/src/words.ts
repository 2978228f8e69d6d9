/** Every sentence the islands show, in English; the page may override any of them in its own language. */

const WORDS = {
  toolbar: "Image tools",
  images: "Images",
  seriesStrip: "Series",
  slice: "Slice {n} of {count}",
  picture: "{label}, slice {n} of {count}",
  edge: "Slice position",
  loading: "Loading slice {n}…",
  notExact: "preview window",
  unavailable: "These images are not here, or not open to you.",
  broken: "The images could not be loaded.",
  retry: "Try again",
  uncalibrated: "uncalibrated",
  standard: "standard",
  scroll: "Scroll slices",
  window: "Window and level",
  pan: "Move",
  zoom: "Zoom",
  presets: "Window preset",
  presetDefault: "Default",
  presetFull: "Full range",
  presetOwn: "Own",
  invert: "Invert",
  flipH: "Flip left to right",
  flipV: "Flip top to bottom",
  turn: "Turn right",
  reset: "Reset view",
  cine: "Play slices",
  pin: "Pin a comment",
  two: "Two series side by side",
  full: "Full screen",
  help: "Keys",
  more: "More tools",
  pinHere: "Click where the pin belongs, or use arrows and Enter. Esc cancels.",
  pinned: "Pin {label}",
  pinNew: "New pin",
  linked: "moves along",
  count: "{count} images",
  close: "Close",
  keysOnlyFocused: "Single keys work only while the image has the focus",
  keysHelp: "Keys of the viewer",
  uploadReady: "Ready.",
  uploadReading: "Looking through the folder…",
  uploadPreparing: "Preparing {count} files…",
  uploadSending: "Sending file {n} of {count}",
  uploadPaused: "Paused. What has arrived is kept.",
  uploadWaiting: "The connection is gone. What has arrived is kept; sending goes on when it is back.",
  uploadFinishing: "All sent. Opening your draft…",
  uploadNothing: "There was no file in that.",
  uploadSignedOut: "You are no longer signed in. Sign in and choose the same files: sending goes on where it stopped.",
  uploadTooLarge: "The server takes no file this large.",
  uploadRefused: "The server did not take the files. Nothing of them is shown to anyone.",
  uploadPause: "Pause",
  uploadResume: "Go on",
  uploadProgress: "Upload",
  deskSheet: "Contact sheet",
  deskTools: "What to do with this picture",
  deskPicture: "Picture {n} of {count}",
  deskOpen: "no word yet",
  deskApproved: "approved",
  deskOf: "{n} of {count} approved",
  deskAlike: "Approve all here",
  deskAlikeAll: "All like this",
  deskFlick: "Before / after",
  deskDrop: "Leave box",
  deskNew: "New box",
  deskUndo: "Undo",
  deskApprove: "Approve",
  deskSend: "Send my approvals",
  deskRemember: "Propose these boxes for this device again",
  deskFromDevice: "This device: a mask was approved before.",
  deskBeforeLabel: "The picture before masking, with {masks} boxes",
  deskAfterLabel: "The picture after masking, with {masks} masks",
  deskFrame: "Frame {n} of {count}",
  deskAllFrames: "All frames at once",
  deskProgress: "Approved",
  deskDone: "{n} of {count} approved, {masks} masks. Not sent yet.",
  deskNotOpened: "The desk could not be opened. Load the page again.",
  deskNotSent: "Nothing was approved.",
  ofBytes: "{done} of {all}",
} as const;

export type Word = keyof typeof WORDS;

const overrides = new Map<string, string>();

/** Takes `{word: sentence}` from the page; unknown words and anything but text are left aside. */
export function translate(given: unknown): void {
  if (typeof given !== "object" || given === null) return;
  for (const [word, sentence] of Object.entries(given)) {
    if (word in WORDS && typeof sentence === "string") overrides.set(word, sentence);
  }
}

export function say(word: Word, values: Readonly<Record<string, string | number>> = {}): string {
  const sentence = overrides.get(word) ?? WORDS[word];
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}
