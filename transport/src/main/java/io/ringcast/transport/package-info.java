/**
 * The embedding API: {@link io.ringcast.transport.Relay}, which puts loops, doors, upstreams and the admin port
 * together, and what an embedder gives it and gets from it. What is public in the packages below is so for one another:
 * it is the relay's own, and no API.
 */
package io.ringcast.transport;
