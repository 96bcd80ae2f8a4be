/**
 * A simulated Ethereum-style node: a small deterministic chain, and a WebSocket server in front of it that speaks
 * geth's JSON-RPC. It shares no protocol code with the relay, so that a mistake of the relay cannot hide in its own
 * test partner.
 */
package io.ringcast.tools.sim;
