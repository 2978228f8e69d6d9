import { describe, expect, it } from "vitest";
import { mayRetry, wordsOf } from "../../src/upload/batch";
import { choicePrint, contentPrint, storedPrint } from "../../src/upload/fingerprint";
import { extensionClass, isWanted } from "../../src/upload/gather";

const file = (content: string, name = "KAUR_SIMRAN.dcm"): File => new File([content], name, { lastModified: 7 });

describe("what leaves the browser", () => {
  it("is a class of extension, never a name", () => {
    expect(extensionClass("KAUR_SIMRAN.JPG")).toBe("jpg");
    expect(extensionClass("KAUR.SIMRAN")).toBe("dcm");
    expect(extensionClass("IM000001")).toBe("dcm");
  });

  it("is no clutter, no empty file and no directory record", () => {
    expect([".DS_Store", "Thumbs.db", "DICOMDIR"].some((name) => isWanted(name, 10))).toBe(false);
    expect(isWanted("IM1", 0)).toBe(false);
    expect(isWanted("IM1", 1)).toBe(true);
  });
});

describe("fingerprints", () => {
  it("tell slices of one size apart and do not depend on the name", async () => {
    expect(await contentPrint(file("slice 1"))).not.toBe(await contentPrint(file("slice 2")));
    expect(await contentPrint(file("slice 1"))).toBe(await contentPrint(file("slice 1", "other.dcm")));
  });

  it("know the same choice in any order, and no other", async () => {
    expect(await choicePrint(["a", "b"])).toBe(await choicePrint(["b", "a"]));
    expect(await choicePrint(["a", "b"])).not.toBe(await choicePrint(["a", "c"]));
  });

  it("are stored under a name salted by the intake", async () => {
    expect(await storedPrint("a", "1")).not.toBe(await storedPrint("a", "2"));
    expect(await storedPrint("a", "1")).toMatch(/^confrere-[0-9a-f]{40}$/);
  });
});

describe("answers of the server", () => {
  it("are tried again only when that can help", () => {
    expect([0, 423, 429, 503].every(mayRetry)).toBe(true);
    expect([400, 403, 404, 409, 410, 413].some(mayRetry)).toBe(false);
  });

  it("give their sentence when they have one", () => {
    expect(wordsOf('{"message":"Too large."}')).toBe("Too large.");
    expect(wordsOf("<html>")).toBe("");
    expect(wordsOf('{"message":5}')).toBe("");
  });
});
