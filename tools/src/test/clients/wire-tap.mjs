// Watches one client's WebSocket from outside the client and checks what a client library would hide: it notes each
// frame that breaks a wire rule, and lets a scenario wait for frames instead of for time.
export class WireTap {
  // Breaches of the wire rules, in words.
  violations = [];
  closed = 0;
  subscribeCalls = 0;
  onClose = () => {};
  #calls = new Map(); // request id -> request
  #live = new Map(); // subscription id -> items seen
  #ended = new Set(); // ids whose eth_unsubscribe has been answered
  #waiting = []; // { holds, resolve }

  // Takes any socket with addEventListener and send: ws, or the one built into Node.
  attach(socket) {
    const send = socket.send.bind(socket);
    socket.send = (data, ...rest) => {
      this.#onRequest(JSON.parse(data));
      return send(data, ...rest);
    };
    socket.addEventListener('message', (event) => this.#onFrame(event.data));
    socket.addEventListener('close', (event) => {
      this.closed++;
      this.onClose(event.code);
    });
  }

  itemsOf(subscription) {
    return this.#live.get(subscription) ?? 0;
  }

  // What has been asked and not answered, for a message about a scenario that is stuck.
  outstanding() {
    return [...this.#calls.values()].map(({ method }) => method);
  }

  until(holds) {
    return holds() ? Promise.resolve() : new Promise((resolve) => this.#waiting.push({ holds, resolve }));
  }

  // Nothing outstanding on the wire, and the client has had its turns to ask for more: it now waits for an event.
  async untilIdle() {
    for (let turn = 0; turn < 10; turn++) {
      if (this.#calls.size > 0) {
        await this.until(() => this.#calls.size === 0);
        turn = 0;
      }
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }

  #onRequest(request) {
    for (const call of Array.isArray(request) ? request : [request]) {
      this.#calls.set(call.id, call);
      if (call.method === 'eth_subscribe') {
        this.subscribeCalls++;
      }
    }
  }

  #onFrame(data) {
    if (typeof data !== 'string') {
      this.violations.push('binary frame');
    } else {
      let frame;
      try {
        frame = JSON.parse(data);
      } catch {
        this.violations.push(`not one JSON text: ${data}`);
      }
      if (frame?.method === 'eth_subscription') {
        this.#onItem(frame);
      } else if (frame !== undefined) {
        (Array.isArray(frame) ? frame : [frame]).forEach((response) => this.#onResponse(response));
      }
    }
    this.changed();
  }

  // To be called whenever something that a waiting condition reads has changed outside this tap.
  changed() {
    const holding = this.#waiting.filter(({ holds }) => holds());
    this.#waiting = this.#waiting.filter((waiting) => !holding.includes(waiting));
    holding.forEach(({ resolve }) => resolve());
  }

  #onItem({ id, params: { subscription, result } }) {
    if (id !== undefined) {
      this.violations.push('notification with an id');
    }
    if (result === undefined) {
      this.violations.push('notification without a result');
    }
    if (this.#ended.has(subscription)) {
      this.violations.push(`item of ${subscription} after its unsubscribe was answered`);
    } else if (!this.#live.has(subscription)) {
      this.violations.push(`item of ${subscription} before its subscribe was answered`);
    }
    this.#live.set(subscription, this.itemsOf(subscription) + 1);
  }

  #onResponse({ id, result, error }) {
    const call = this.#calls.get(id);
    if (call === undefined) {
      this.violations.push(`answer to nothing, id ${JSON.stringify(id)}`);
      return;
    }
    this.#calls.delete(id);
    if (call.method === 'eth_subscribe' && error === undefined) {
      if (this.#live.has(result)) {
        this.violations.push(`subscription id ${result} given twice`);
      }
      this.#live.set(result, 0);
    }
    if (call.method === 'eth_unsubscribe') {
      if (result !== true) {
        this.violations.push(`unsubscribe of ${call.params[0]} answered ${JSON.stringify(error ?? result)}`);
      }
      this.#ended.add(call.params[0]);
    }
  }
}
