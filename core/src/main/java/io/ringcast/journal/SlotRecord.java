package io.ringcast.journal;

import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.SlotReadings;
import io.ringcast.session.SlotVerdicts;

/**
 * One slot of the ring as its publisher filled it, and a check of what the stages made of it.
 * Confined to the thread that fills or reads it.
 */
public final class SlotRecord
{
    /** Counts the run's slots from 0. */
    public long sequence;
    /** What happened; the numbers stand in the pipeline's list of kinds and never change their meaning. */
    public int kindCode;
    public long connectionId;
    public int laneIndex;
    public long nowNs;
    /** How long before {@link #nowNs} the beginning of the text was read. */
    public long comingNs;
    /** A CRC-32C of all that was encoded for the slot. */
    public int outputCheck;
    /** What the URL of the client's connection asked for; null if nothing. */
    public DeliveryOptions connectionOptions;
    /** What the rights of the client refused. */
    public SlotVerdicts verdicts = new SlotVerdicts();
    /** What the stages read off the clock. */
    public SlotReadings readings = new SlotReadings();
    /** The slot's text, if its kind has one. */
    public byte[] text = new byte[512];
    public int textBytes;

    /** Makes room for a text. */
    void ensureText(final int lengthBytes)
    {
        if (text.length < lengthBytes)
        {
            text = new byte[Math.max(lengthBytes, Math.min(text.length, 1 << 24) * 2)];
        }
    }
}
