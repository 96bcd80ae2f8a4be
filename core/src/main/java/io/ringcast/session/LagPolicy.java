package io.ringcast.session;

/** What happens to a subscriber that does not keep up. Immutable. */
public enum LagPolicy
{
    /** Its connection is closed: by what the socket does not take, or by what waits if that was given a bound. */
    DISCONNECT("disconnect"),
    /** Its oldest items are left out. */
    DROP_OLDEST("dropOldest"),
    /** New items are left out as long as too much waits for it. */
    DROP_NEW("dropNew"),
    /** Of items with the same key only the newest is kept, if more waits than a bound or if there is none. */
    CONFLATE("conflate"),
    /** It reads on from the history at its own pace. */
    SPILL("spill");

    private final String text;

    LagPolicy(final String text)
    {
        this.text = text;
    }

    /**
     * Gives the name that clients write.
     *
     * @return the value of {@code policy}.
     */
    public String text()
    {
        return text;
    }
}
