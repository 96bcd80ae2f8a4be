/**
 * The admin port: health, metrics, levels of the log, reload.
 */
package io.ringcast.transport.admin;
