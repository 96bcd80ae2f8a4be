/**
 * The {@code ringcast} command: {@code serve} relays a node, {@code demo} relays a simulated one, {@code node} runs the
 * simulated one alone, {@code load} and {@code bench} measure. A thin user of the embedding API.
 */
package io.ringcast.tools;
