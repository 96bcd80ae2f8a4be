/** {@code ringcast bench}: runs the benchmarks and lays out what they found. */
package io.ringcast.tools.bench;
