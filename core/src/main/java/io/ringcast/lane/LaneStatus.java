package io.ringcast.lane;

/**
 * How one upstream does, at one moment.
 * Immutable.
 *
 * @param feed         the upstream's name.
 * @param isUp         whether its connection is up.
 * @param isLive       whether it gives heads.
 * @param isLeftOut    whether it is left out because it contradicts the others or is silent.
 * @param mark         what is held against it.
 * @param isHeadsPolled whether it accepted the feed of heads and pushes none, or refused it, so that it is polled.
 * @param isLogsSilent whether it accepted a feed of logs and tells none, so that they are fetched.
 * @param number       the number of its last head, or -1.
 * @param wins         how many heads it was the first to say.
 * @param seconds      how many it said after another.
 * @param marginP50Us  how long after the winner, in the median, in microseconds.
 * @param marginP99Us  the same in 99 of 100 cases.
 * @param marginMaxUs  the same at most.
 * @param late         how many it said too late to be published.
 * @param missing      how many that others said it left out.
 * @param wrong        how many of its heads were malformed or contradicted the others.
 * @param resets       how often its connection was reset because it was silent or behind.
 * @param connects     how often its connection came up.
 * @param connectedMs  for how long it has been up altogether, in milliseconds.
 */
public record LaneStatus(
    String feed, boolean isUp, boolean isLive, boolean isLeftOut, LaneMark mark, boolean isHeadsPolled,
    boolean isLogsSilent, long number, long wins, long seconds, long marginP50Us, long marginP99Us, long marginMaxUs,
    long late, long missing, long wrong, long resets, long connects, long connectedMs)
{
    /**
     * The same with what is known of its logs.
     *
     * @param isSilent whether it accepted a feed of logs and tells none.
     * @return a copy.
     */
    public LaneStatus withLogsSilent(final boolean isSilent)
    {
        return new LaneStatus(
            feed, isUp, isLive, isLeftOut, mark, isHeadsPolled, isSilent, number, wins, seconds, marginP50Us,
            marginP99Us, marginMaxUs, late, missing, wrong, resets, connects, connectedMs);
    }

    /**
     * Writes it as {@code relay_feeds} answers.
     *
     * @return an object as JSON.
     */
    public String toJson()
    {
        return "{\"feed\":\"" + feed + "\",\"up\":" + isUp + ",\"live\":" + isLive + ",\"leftOut\":" + isLeftOut +
            ",\"mark\":" + mark.toJson() + ",\"headsPolled\":" + isHeadsPolled + ",\"logsSilent\":" + isLogsSilent +
            ",\"number\":" + (number < 0 ? "null" : "\"0x" + Long.toHexString(number) + '"') + ",\"wins\":" + wins +
            ",\"seconds\":" + seconds + ",\"marginUs\":{\"p50\":" + marginP50Us + ",\"p99\":" + marginP99Us +
            ",\"max\":" + marginMaxUs + "},\"late\":" + late + ",\"missing\":" + missing + ",\"wrong\":" + wrong +
            ",\"resets\":" + resets + ",\"connects\":" + connects + ",\"connectedMs\":" + connectedMs + '}';
    }
}
