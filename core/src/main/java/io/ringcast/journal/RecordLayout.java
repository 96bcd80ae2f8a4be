package io.ringcast.journal;

/**
 * Where the fields of the records lie; all numbers are little-endian.
 * Immutable.
 *
 * <pre>
 *   RUN    0 type  1 version                        8 the text of {@link RunStart}, UTF-8 to the end
 *   SLOT   0 type  1 version  2 kindCode 4 laneIndex  8 sequence 16 nowNs 24 connectionId
 *                                                  32 outputCheck 36 payloadBytes 40 optionsBytes
 *                                                  44 verdictsBytes 48 readingsBytes
 *                                                  52 comingNs 60 payload, or its first part
 *   MORE   0 type  1 version             4 offset    8 sequence 16 a further part of the payload
 *   END    0 type  1 version                        8 sequence: the number of slots; the run was ended in order
 * </pre>
 *
 * The payload is what the connection's URL asked for, as JSON, then what the client's rights refused, each as a number
 * of four bytes, what the stages read off the clock, each as one of eight, and behind it the text.
 */
final class RecordLayout
{
    /** Goes up when a reader of the old layout would misread the new one. */
    static final byte VERSION = 5;

    static final byte RUN = 1;
    static final byte SLOT = 2;
    static final byte MORE = 3;
    static final byte END = 4;

    static final int TYPE = 0;
    static final int RECORD_VERSION = 1;
    static final int KIND_CODE = 2;
    static final int LANE_INDEX = 4;
    static final int PAYLOAD_OFFSET = 4;
    static final int SEQUENCE = 8;
    static final int RUN_TEXT = 8;
    static final int NOW_NS = 16;
    static final int MORE_PAYLOAD = 16;
    static final int CONNECTION_ID = 24;
    static final int OUTPUT_CHECK = 32;
    static final int PAYLOAD_BYTES = 36;
    static final int OPTIONS_BYTES = 40;
    static final int VERDICTS_BYTES = 44;
    static final int READINGS_BYTES = 48;
    static final int COMING_NS = 52;
    static final int PAYLOAD = 60;
    static final int END_BYTES = 16;

    private RecordLayout()
    {
    }
}
