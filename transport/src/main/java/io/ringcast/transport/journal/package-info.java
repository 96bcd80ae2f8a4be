/**
 * The journal on the disk: recordings of an embedded Aeron Archive, one for each network and run, and
 * the checkpoints of their stages. Media driver,
 * archive, client and recorder share one thread, which is no part of the pipeline.
 */
package io.ringcast.transport.journal;
