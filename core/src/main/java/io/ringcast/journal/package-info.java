/**
 * What a journal holds: one record for each slot of the ring, as the publishers put it in, behind a record that says
 * with which settings and seed the run began. Encodings only; who writes them to a disk and reads them back stands in
 * {@code io.ringcast.transport.journal}.
 */
package io.ringcast.journal;
