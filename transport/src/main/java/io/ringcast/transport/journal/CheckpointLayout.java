package io.ringcast.transport.journal;

import java.nio.ByteOrder;

/**
 * Where the fields of a checkpoint's records lie; all numbers are little-endian.
 * Immutable.
 *
 * <pre>
 *   START  0 type  1 version   8 the text of a {@link io.ringcast.journal.CheckpointStart}, UTF-8 to the end
 *   PART   0 type  1 version   8 where in the image  16 its next bytes
 *   END    0 type  1 version   8 length of the image 16 CRC-32C of the image
 * </pre>
 *
 * The image is what a {@link io.ringcast.pipeline.PipelineRestore} has written.
 */
final class CheckpointLayout
{
    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    /** Goes up when a reader of the old layout would misread the new one. */
    static final byte VERSION = 1;

    /** None of a run's records has these. */
    static final byte START = 17;
    static final byte PART = 18;
    static final byte END = 19;

    static final int TYPE = 0;
    static final int RECORD_VERSION = 1;
    static final int START_TEXT = 8;
    static final int IMAGE_BYTES = 8;
    static final int CRC = 16;
    static final int PAYLOAD = 16;
    static final int END_BYTES = 20;
    /** With it and a header a part fits one frame of the archive. */
    static final int MAX_PART_BYTES = 31 * 1024;
    static final int MAX_RECORD_BYTES = 64 * 1024;

    private CheckpointLayout()
    {
    }
}
