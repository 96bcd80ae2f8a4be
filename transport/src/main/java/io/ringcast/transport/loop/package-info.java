/**
 * What doors and upstreams both rest on: the I/O loops that drive the pipeline, one network's loops and upstreams, the
 * options of sockets, and the readers that cut messages out of a socket's bytes, which are step 1 of 7.
 */
package io.ringcast.transport.loop;
