// The connection between visitors and the program, which can be cut, slowed down and answered for.
import http from "node:http";
import { sleep, start } from "./harness.mjs";

// connected starts the program behind a connection, until the test t ends or, without one, until stop.
export const connected = async (t) => {
  const connection = new Connection();
  await connection.listen();
  const program = await start(null, "--base", connection.origin + "/legal/", "--proxies", "127.0.0.1/32");
  connection.port = program.port;
  Object.assign(program, { origin: connection.origin, base: connection.origin + "/legal/" });
  const stop = async () => { await program.stop(); connection.close(); };
  t?.after(stop);
  return { program, connection, stop };
};

// Connection passes requests on. What happens to the next declarations is told by incidents, one for each; down is an
// incident for everything that arrives. To the program every request comes from another client, whom it does not know
// from the minute before.
class Connection {
  incidents = [];
  sent = []; // the ids of declarations, in the order in which they arrived here
  clients = 0;

  async listen() {
    this.server = http.createServer((request, answer) => this.take(request, answer));
    await new Promise((listening) => this.server.listen(0, "127.0.0.1", listening));
    this.origin = `http://localhost:${this.server.address().port}`;
  }

  close() {
    this.server.close();
    this.server.closeAllConnections();
  }

  async take(request, answer) {
    answer.shouldKeepAlive = false; // browsers send again by themselves on a connection that was used before
    const declaration = request.method === "POST" && request.url.endsWith("/submissions");
    const incident = this.down || (declaration && this.incidents.shift()) || pass;
    request.on("error", () => {});
    await incident(this, request, answer).catch(() => request.socket.destroy());
  }

  // read takes in what was sent.
  async read(request) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts), id = /name="id"\r\n\r\n([0-9a-f-]{36})/.exec(body.subarray(0, 4096).toString("latin1"));
    if (id && request.url.endsWith("/submissions")) this.sent.push(id[1]);
    return body;
  }

  // ask gives what the program answers.
  async ask(request) {
    const body = await this.read(request), client = `10.1.${(++this.clients >> 8) & 255}.${this.clients & 255}`;
    return new Promise((done, failed) => {
      const headers = { ...request.headers, "x-forwarded-for": client };
      http.request({ host: "127.0.0.1", port: this.port, agent: false, path: request.url, method: request.method, headers }, async (answer) => {
        const parts = [];
        for await (const part of answer) parts.push(part);
        done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) });
      }).on("error", failed).end(body);
    });
  }
}

// pass lets a request through.
export const pass = async (connection, request, answer) => give(answer, await connection.ask(request));

const give = (answer, { status, headers, body }) => {
  const { "transfer-encoding": _, connection: __, ...rest } = headers;
  answer.writeHead(status, rest).end(body);
};

// refused ends the connection before anything was sent.
export const refused = async (connection, request) => { request.socket.destroy(); };

// cutAfter ends it after so many bytes of the body.
export const cutAfter = (bytes) => async (connection, request) => {
  let seen = 0;
  request.on("data", (part) => { if ((seen += part.length) >= bytes) request.socket.destroy(); });
};

// unanswered lets the program do its work and loses what it says.
export const unanswered = async (connection, request) => {
  await connection.ask(request);
  request.socket.destroy();
};

// late answers after so many milliseconds.
export const late = (ms) => async (connection, request, answer) => {
  const said = await connection.ask(request);
  await sleep(ms);
  give(answer, said);
};

// until holds a request back until a promise is kept, and then treats it as the incident says.
export const heldUntil = (promise, incident = pass) => async (...all) => {
  await promise;
  await incident(...all);
};

// answered is what somebody between visitor and program says. Only some of them let other sites read it.
export const answered = (status, headers = { "access-control-allow-origin": "*" }) => async (connection, request, answer) => {
  await connection.read(request);
  answer.writeHead(status, { "content-type": "text/html", ...headers }).end(`<h1>${status}</h1>`);
};
