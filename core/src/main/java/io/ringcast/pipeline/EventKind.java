package io.ringcast.pipeline;

import io.ringcast.session.ConnectionWish;
import io.ringcast.session.FiguresText;
import io.ringcast.session.ReadPositions;

/** What a slot holds; each constant names the fields it uses beside the time. Immutable. */
public enum EventKind
{
    /** A text from a client: connectionId, frame. */
    CLIENT_FRAME,
    /** A connection ended: connectionId. The last event of that connection. */
    CLIENT_CLOSED,
    /** A text from an upstream: laneIndex, frame. */
    UPSTREAM_FRAME,
    /** An upstream's connection is ready: laneIndex. */
    UPSTREAM_UP,
    /** An upstream's connection ended: laneIndex; connectionId is the code that the upstream closed it with, or 0. */
    UPSTREAM_DOWN,
    /** A long text of an upstream is arriving, and whatever else it has to say waits behind it: laneIndex. */
    UPSTREAM_READING,
    /** A connection that is behind in a topic wants what comes next: connectionId, frame ({@link CatchUpText}). */
    CATCH_UP,
    /** A connection whose URL asks for something as a whole: connectionId, frame ({@link ConnectionWish}). */
    CLIENT_OPENED,
    /** A connection with a session has read so much: connectionId, frame ({@link ReadPositions}). */
    CLIENT_READ,
    /** A connection's own figures, which match has asked for: connectionId, frame ({@link FiguresText}). */
    CLIENT_FIGURES,
    /** Time passed. */
    TICK,
    /** The relay is about to close all connections. */
    DRAIN,
    /** The network's journal was given up: nothing more is recorded, this neither. */
    JOURNAL_BROKEN
}
