/** Files out of whatever was chosen, dropped or pasted; folders are walked. */

/** What systems leave in folders, and the directory record: it names the patient and nobody needs it. */
const CLUTTER = /^(\..*|Thumbs\.db|desktop\.ini|DICOMDIR)$/i;

export const isWanted = (name: string, size: number): boolean => size > 0 && !CLUTTER.test(name);

const wanted = (files: Iterable<File>): File[] => [...files].filter((file) => isWanted(file.name, file.size));

export function filesOf(list: FileList | null): File[] {
  return list === null ? [] : wanted(list);
}

/** All files of a drop, folders included. Call it before the event ends: the browser empties the transfer after it. */
export async function filesOfDrop(transfer: DataTransfer): Promise<File[]> {
  const plain = [...transfer.files];
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return wanted(plain);
  const found = await Promise.all(entries.filter((entry) => entry !== null).map(walk));
  return wanted(found.flat());
}

async function walk(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    return [await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  // One reading gives a hundred entries at most; an empty one is the end.
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return files;
    for (const child of batch) files.push(...(await walk(child)));
  }
}

const KNOWN = /\.(dcm|dicom|ima|zip|jpe?g|png|webp|heic|mp4|mov|pdf|pptx|nii|gz|txt)$/i;

/** The kind a name ends in, from a short list: the name itself may carry the patient's and never leaves. */
export function extensionClass(name: string): string {
  return KNOWN.exec(name)?.[1]?.toLowerCase() ?? "dcm";
}
