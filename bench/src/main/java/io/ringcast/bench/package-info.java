/**
 * JMH benchmarks of the relay's hot classes, one step of the walk each, and the program that runs them in a short or a
 * full form. They go through the classes' public doors; {@link io.ringcast.bench.RelayBenchmark} holds the settings.
 */
package io.ringcast.bench;
