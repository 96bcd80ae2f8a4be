package io.ringcast.egress;

/**
 * A topic in which a connection is behind: it gets nothing of what is fanned out, and asks for what it has yet to get.
 * Confined to its I/O loop.
 */
final class LaggingTopic
{
    final Outlet outlet;
    final LoopTopic topic;
    /** Which of its subscriptions to the topic it is; see {@link io.ringcast.session.EgressAction#grant}. */
    final int grant;
    /** Whether the topic may fall behind again; else it has to keep up once it has caught up. */
    final boolean isPatient;
    /** True while it is read for from the upstreams: from the start, or once what it has yet to get is not kept. */
    boolean isPast;
    /** Where on the chain the last of those items stands, if its door wants to know; else null. */
    String pastPlace;
    /** The number of the first item that it has not been handed. */
    long sequence;
    /** Tells the answer to its last question from those to questions that it has left. */
    int ticket;
    /** True while it stands in the queue. */
    boolean isQueued;
    /** True while it waits for an answer. */
    boolean isAsking;
    /** True once it has caught up, or is given up; then it only waits to be taken off the queue. */
    boolean isOver;

    LaggingTopic(final Outlet outlet, final LoopTopic topic, final int grant, final long sequence)
    {
        this.outlet = outlet;
        this.topic = topic;
        this.grant = grant;
        isPatient = outlet.isPatientIn(topic);
        this.sequence = sequence;
    }
}
