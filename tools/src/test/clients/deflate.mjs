// Heads with and without permessage-deflate, with ws, on a fresh chain that does not mine by itself:
//     node deflate.mjs <relay> <node>    one JSON object of what was agreed on and seen, on stdout
import WebSocket from 'ws';
import { NodeControl } from './node-control.mjs';

const [relay, nodeUrl] = process.argv.slice(2);
const BLOCKS = 20;

const open = async (perMessageDeflate) => {
  const socket = new WebSocket(relay, { perMessageDeflate });
  const seen = { texts: [], changed: () => {} };
  socket.on('message', (text, isBinary) => {
    seen.texts.push(isBinary ? 'binary' : text.toString());
    seen.changed();
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const count = async (n) => {
    while (seen.texts.length < n) {
      await new Promise((resolve) => (seen.changed = resolve));
    }
  };
  // A call that is long enough to be worth compressing: ws does so from 1 KiB on.
  const call = { jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'], note: 'x'.repeat(5_000) };
  socket.send(JSON.stringify(call));
  await count(1);
  return { socket, seen, count, bytesBefore: socket._socket.bytesRead };
};

const control = await NodeControl.connect(nodeUrl);
await control.prepare();
const plain = await open(false);
const packed = await open(true);
// A client that asks for a window that the JDK's zlib does not have is served without.
const narrow = await open({ serverMaxWindowBits: 10 });
for (let i = 0; i < BLOCKS; i++) {
  await control.mine();
}
const all = [plain, packed, narrow];
await Promise.all(all.map(({ count }) => count(BLOCKS + 1)));
const result = {
  extensions: all.map(({ socket }) => socket.extensions),
  texts: plain.seen.texts.length,
  equal: all.map(({ seen }) => JSON.stringify(seen.texts) === JSON.stringify(plain.seen.texts)),
  bytes: all.map(({ socket, bytesBefore }) => socket._socket.bytesRead - bytesBefore),
};
await new Promise((resolve) => process.stdout.write(JSON.stringify(result) + '\n', resolve));
process.exit(0);
