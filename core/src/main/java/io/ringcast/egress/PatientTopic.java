package io.ringcast.egress;

/**
 * A topic that waits for a connection when it is slow.
 * Immutable; confined to its I/O loop.
 *
 * @param topic   the topic.
 * @param grant   what questions for it come with; see {@link io.ringcast.session.EgressAction#grant}.
 * @param tellsOfLag whether match wants to know where the connection stands as soon as it lags.
 */
record PatientTopic(LoopTopic topic, int grant, boolean tellsOfLag)
{
}
