// What the intake holds, byte for byte: read from its database, not from its pages.
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

// cases lists what is stored, in the order of receipt: {reference, submission, form, locale, fields, files}. Fields are the
// text of a JSON object as it is stored.
export const cases = async (program) => {
  const query = `SELECT reference, submission, form, locale, hex(fields) AS fields, (SELECT json_group_array(json_array(hex(name), type, size, sum))
    FROM (SELECT * FROM files WHERE case_id = cases.id ORDER BY position)) AS files FROM cases ORDER BY id`;
  const { stdout } = await run("sqlite3", ["-json", "-cmd", ".timeout 5000", path.join(program.data, "recourse.db"), query]);
  return JSON.parse(stdout || "[]").map((one) => ({ ...one, fields: text(one.fields),
    files: JSON.parse(one.files).map(([name, ...rest]) => [text(name), ...rest]) }));
};

const text = (hex) => Buffer.from(hex, "hex").toString("utf8");
