/**
 * The settings of a relay: immutable records that check themselves, and the YAML reader that fills them. A wrong value
 * is refused at start with its name, the value and what is allowed; nothing else in the relay reads a file, a flag or a
 * system property.
 */
package io.ringcast.config;
