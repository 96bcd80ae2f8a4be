package io.ringcast.tools.load;

/**
 * What a run found.
 * Immutable.
 *
 * @param sent       items that the source sent, or calls; 0 if the source is somebody else's.
 * @param expected   deliveries that were owed; 0 if that can't be known.
 * @param received   different deliveries, or answers.
 * @param lost       owed and not received; of heads of somebody else's source the missing block numbers.
 * @param duplicates received more than once, or answers that nobody waited for.
 * @param reordered  received after a later one.
 * @param strays     received although the filter does not match.
 * @param errors     answers that were errors.
 * @param closed     connections that the subject closed.
 * @param stepsBack  block numbers below the one before: reorganisations, or order lost.
 */
public record LoadCounts(
    long sent, long expected, long received, long lost, long duplicates, long reordered, long strays, long errors,
    long closed, long stepsBack)
{
    /**
     * Tells whether everything came once and in order.
     *
     * @return true if nothing is wrong.
     */
    public boolean isClean()
    {
        return lost == 0 && duplicates == 0 && reordered == 0 && strays == 0 && errors == 0 && closed == 0;
    }
}
