'use strict';
// A chat over one topic of a ringcast relay. Everything that comes from others is shown as text, never as HTML.

const relayUrl = document.querySelector('meta[name="ringcast-relay"]').content;
const byId = id => document.getElementById(id);
const messages = byId('messages');
const SHOWN_MESSAGES = 500;
const LONGEST_TEXT = 2000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;
const ROOM = /^[A-Za-z0-9._-]{1,32}$/;

let socket = null;
let subscription = null;
let pauseMs = FIRST_PAUSE_MS;
let retry = null;
let lastCallId = 0;
let isAway = false;

// The topic numbers its items without a hole, and the answer to a publish tells the number of ours. So each item's
// number is known from one: those received before and behind it count on from there.
let received = 0;          // items on this connection
let offset = null;         // number of an item minus its place on this connection
let lastNumber = null;     // the last number known, over all connections
let numbers = new Map();   // key of a payload of ours -> its number
let unnumbered = [];       // [place, element] until the offset is known

const room = () => ROOM.test(location.hash.slice(1)) ? location.hash.slice(1) : 'lobby';
const topic = () => 'chat.' + room();
const cut = (value, length) => typeof value === 'string' ? value.slice(0, length) : '';
const randomKey = () => Array.from(crypto.getRandomValues(new Uint32Array(2)), word => word.toString(36)).join('');

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function show(item) {
  const isAtEnd = messages.scrollHeight - messages.scrollTop - messages.clientHeight < 40;
  messages.append(item);
  while (messages.children.length > SHOWN_MESSAGES) {
    messages.firstElementChild.remove();
  }
  if (isAtEnd) {
    messages.scrollTop = messages.scrollHeight;
  }
}

function setState(state, text) {
  byId('state').dataset.state = state;
  byId('state').textContent = text;
  byId('send').disabled = state !== 'on';
}

function note(text) {
  byId('note').textContent = text;
}

function call(method, params, onAnswer) {
  const id = ++lastCallId;
  waiting.set(id, onAnswer);
  socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
}
const waiting = new Map();

function publish(payload, onPublished) {
  const key = randomKey();
  call('relay_publish', [topic(), { ...payload, from: byId('name').value, key }], answer => {
    if (answer.error) {
      note(cut(answer.error.message, 200));
      return;
    }
    note('');
    numbers.set(key, answer.result.sequence);
    if (onPublished) {
      onPublished();
    }
  });
}

function onItem(item) {
  const place = received++;
  const isObject = typeof item === 'object' && item !== null;
  const from = cut(isObject ? item.from : '', 24) || 'somebody';
  const number = element('span', 'number', '');
  let shown;
  if (isObject && item.kind === 'join') {
    shown = element('li', 'event', from + ' is here ');
    shown.append(number);
  } else {
    const isMine = isObject && numbers.has(item.key);
    shown = element('li', isMine ? 'mine' : '', '');
    const text = isObject && typeof item.text === 'string' ? item.text : JSON.stringify(item);
    const meta = element('div', 'meta', '');
    meta.append(element('b', '', from), number);
    shown.append(element('div', 'bubble', cut(text, LONGEST_TEXT)), meta);
  }
  if (isObject && numbers.has(item.key)) {
    anchor(numbers.get(item.key) - place);
    numbers.delete(item.key);
  }
  unnumbered.push([place, number, shown]);
  show(shown);
  giveNumbers();
}

function anchor(newOffset) {
  if (offset === null) {
    offset = newOffset;
    const missed = lastNumber === null ? 0 : offset - lastNumber - 1;
    if (missed > 0) {
      const gap = element('li', 'event gap', missed + (missed === 1 ? ' message' : ' messages') + ' missed while away');
      messages.insertBefore(gap, unnumbered.length > 0 ? unnumbered[0][2] : null);
    }
  }
}

function giveNumbers() {
  if (offset === null) {
    return;
  }
  for (const [place, number] of unnumbered) {
    lastNumber = offset + place;
    number.textContent = '#' + lastNumber;
  }
  unnumbered = [];
}

function onMessage(text) {
  const message = JSON.parse(text);
  if (message.method === 'eth_subscription' && message.params.subscription === subscription) {
    onItem(message.params.result);
  } else if (waiting.has(message.id)) {
    const onAnswer = waiting.get(message.id);
    waiting.delete(message.id);
    onAnswer(message);
  }
}

function connect() {
  clearTimeout(retry);
  const opened = new WebSocket(relayUrl);
  socket = opened;
  subscription = null;
  received = 0;
  offset = null;
  unnumbered = [];
  numbers = new Map();
  waiting.clear();
  setState('off', isAway ? 'reconnecting' : 'connecting');
  byId('topic').textContent = topic();
  opened.onopen = () => call('eth_subscribe', ['topic', topic()], answer => {
    if (answer.error) {
      note(cut(answer.error.message, 200));
      return;
    }
    subscription = answer.result;
    pauseMs = FIRST_PAUSE_MS;
    isAway = false;
    setState('on', 'connected');
    publish({ kind: 'join' });
  });
  opened.onmessage = event => opened === socket && onMessage(event.data);
  opened.onclose = () => {
    if (opened === socket) {
      isAway = true;
      setState('off', 'reconnecting');
      retry = setTimeout(connect, pauseMs * (0.5 + Math.random() / 2));
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }
  };
}

byId('form').addEventListener('submit', event => {
  event.preventDefault();
  const text = byId('text').value.trim();
  if (text !== '' && !byId('send').disabled) {
    publish({ kind: 'say', text });
    byId('text').value = '';
  }
});
byId('name').addEventListener('change', () => sessionStorage.setItem('name', byId('name').value));
byId('room').addEventListener('change', () => {
  if (ROOM.test(byId('room').value)) {
    note('');
    location.hash = byId('room').value;
  } else {
    note('No such room: 1 to 32 letters, digits, dots, underscores and dashes. You are still in ' + room() + '.');
    byId('room').value = room();
  }
});
addEventListener('hashchange', () => {
  byId('room').value = room();
  messages.replaceChildren();
  lastNumber = null;
  const left = socket;
  socket = null;
  left.close();
  connect();
});

byId('name').value = sessionStorage.getItem('name') || 'guest-' + randomKey().slice(0, 4);
byId('room').value = room();
connect();
