// A plain pass-through WebSocket proxy on the 'ws' package: one upstream connection per client.
// Arguments: own port, upstream port.
'use strict';
const WebSocket = require('ws');
const [port, upstreamPort] = process.argv.slice(2, 4).map(Number);

const server = new WebSocket.Server({ port, host: '127.0.0.1', perMessageDeflate: false, backlog: 4096 });
server.on('connection', (client) => {
  const upstream = new WebSocket('ws://127.0.0.1:' + upstreamPort, { perMessageDeflate: false });
  let waiting = [];
  upstream.on('open', () => {
    for (const text of waiting) upstream.send(text);
    waiting = null;
  });
  client.on('message', (bytes) => {
    const text = bytes.toString();
    if (waiting) waiting.push(text);
    else upstream.send(text);
  });
  upstream.on('message', (bytes) => client.send(bytes.toString()));
  client.on('close', () => upstream.terminate());
  upstream.on('close', () => client.terminate());
  client.on('error', () => upstream.terminate());
  upstream.on('error', () => client.terminate());
});
