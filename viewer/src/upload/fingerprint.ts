/** Names for files that say nothing about the patient: by them an interrupted upload is found again. */

const HEAD = 64 * 1024;

const hex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function digest(parts: readonly BlobPart[]): Promise<string> {
  return hex(await crypto.subtle.digest("SHA-256", await new Blob([...parts]).arrayBuffer()));
}

/** Hash of size, time, type and the first 64 KiB: slices of one series are alike in all but their header. */
export function contentPrint(file: File): Promise<string> {
  return digest([`${file.size} ${file.lastModified} ${file.type} `, file.slice(0, HEAD)]);
}

/** Hash of a set of files, whatever their order: only the very same choice resumes an open intake. */
export function choicePrint(prints: readonly string[]): Promise<string> {
  return digest([[...prints].sort().join(" ")]);
}

/** The name under which the browser's storage keeps a file: salted by the intake, so it links nothing. */
export async function storedPrint(print: string, intake: string): Promise<string> {
  return `confrere-${(await digest([intake, " ", print])).slice(0, 40)}`;
}
