// The test's own line to the node, beside the client under test: it mines, and it sends from a second wallet.
import WebSocket from 'ws';

export class NodeControl {
  #socket;
  #waiting = new Map();
  #lastId = 0;

  static async connect(url) {
    const control = new NodeControl();
    const socket = new WebSocket(url);
    control.#socket = socket;
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.on('message', (text) => {
      const { id, result, error } = JSON.parse(text);
      const { resolve, reject } = control.#waiting.get(id);
      control.#waiting.delete(id);
      error ? reject(new Error(JSON.stringify(error))) : resolve(result);
    });
    return control;
  }

  call(method, ...params) {
    const id = ++this.#lastId;
    this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  // Each block is one second after its parent, so two fresh chains that get the same calls are equal to the bit.
  prepare() {
    return this.call('anvil_setBlockTimestampInterval', 1);
  }

  mine() {
    return this.call('evm_mine');
  }

  close() {
    this.#socket.close();
  }
}
