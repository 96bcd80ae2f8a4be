package io.ringcast.egress;

/**
 * A subscription that was answered, but whose items wait until the client has read the answer.
 * Confined to its I/O loop.
 *
 * <p>web3.js loses an item that it reads in the same chunk as the answer, whatever the delay. So a ping goes out behind
 * the answer, and the pong tells that the answer has been read.
 */
final class Activation
{
    final Outlet outlet;
    final LoopTopic topic;
    /** The ping that was sent, or is yet to be sent, behind the answer carries this number or a higher one. */
    final long token;
    /** When it is opened without the pong. */
    final long deadlineNs;
    /** Where the topic's backlog ended when the barrier was set; -1 if it does not wait for the backlog. */
    final long cursor;
    /** The number of the first item that it is to get. */
    final long sequence;
    /** What it asks with, if it begins with what it has missed; see {@link io.ringcast.session.EgressAction#grant}. */
    final int grant;
    /** True once it is opened or given up; then it only waits to be taken off the list. */
    boolean isOver;

    boolean isCatchingUp()
    {
        return cursor < 0;
    }

    Activation(
        final Outlet outlet, final LoopTopic topic, final long token, final long deadlineNs, final long cursor,
        final int grant, final long sequence)
    {
        this.outlet = outlet;
        this.topic = topic;
        this.token = token;
        this.deadlineNs = deadlineNs;
        this.cursor = cursor;
        this.grant = grant;
        this.sequence = sequence;
    }
}
