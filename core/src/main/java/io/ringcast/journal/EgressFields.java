package io.ringcast.journal;

import io.ringcast.session.EgressAction;

/**
 * Which fields of an action say something: those that its kind does not name hold what an earlier use left.
 * Immutable.
 *
 * @param code          stands for the kind in checks; never changes its meaning.
 * @param hasConnection whether connectionId is used.
 * @param hasLane       whether laneIndex is used.
 * @param hasTopic      whether topicId is used.
 * @param hasSequence   whether sequence is used.
 * @param hasBytes      whether chunk, offset and length are used.
 */
public record EgressFields(
    int code, boolean hasConnection, boolean hasLane, boolean hasTopic, boolean hasSequence, boolean hasBytes)
{
    private static final EgressFields[] BY_KIND = new EgressFields[EgressAction.Kind.values().length];

    static
    {
        for (final EgressAction.Kind kind : EgressAction.Kind.values())
        {
            BY_KIND[kind.ordinal()] = fieldsOf(kind);
        }
    }

    /**
     * Tells what a kind uses.
     *
     * @param kind the kind.
     * @return its fields.
     */
    public static EgressFields of(final EgressAction.Kind kind)
    {
        return BY_KIND[kind.ordinal()];
    }

    /** Without a default on purpose: a new kind does not compile until it stands here. */
    private static EgressFields fieldsOf(final EgressAction.Kind kind)
    {
        return switch (kind)
        {
            case WRITE -> new EgressFields(1, true, false, false, false, true);
            case WRITE_UPSTREAM -> new EgressFields(2, false, true, false, false, true);
            case FAN_OUT -> new EgressFields(3, false, false, true, true, true);
            case OPEN -> new EgressFields(4, true, false, true, false, false);
            case SHUT -> new EgressFields(5, true, false, true, false, false);
            case RELEASE -> new EgressFields(6, false, false, true, false, false);
            case RESET_UPSTREAM -> new EgressFields(7, false, true, false, false, false);
            case REPLAY -> new EgressFields(8, true, false, true, true, true);
            case REPLAY_PAUSED -> new EgressFields(9, true, false, true, true, false);
            case REPLAY_DONE -> new EgressFields(10, true, false, true, true, false);
            case REPLAY_PARKED -> new EgressFields(12, true, false, true, true, false);
            case CUT_OFF -> new EgressFields(11, true, false, false, false, false);
            case MEASURE -> new EgressFields(21, true, false, false, false, false);
            case TAKE_OVER -> new EgressFields(20, true, false, false, false, false);
        };
    }
}
