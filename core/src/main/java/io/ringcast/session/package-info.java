/**
 * What the steps of the walk say to each other: connection ids, where an answer goes, topics, and the actions that a
 * stage leaves in the slot for the next one. Plain data; no behaviour that belongs to a stage.
 */
package io.ringcast.session;
