package io.ringcast.match;

/**
 * One logs filter of a group, as {@link TopicIndex} keeps it.
 * Confined to the pipeline thread that runs match.
 */
final class IndexedFilter
{
    final TopicGroup group;
    final LogFilter filter;
    /** Its place among the group's filters, which a subscriber is told of if there are several. */
    final int place;
    /** Written and read by {@link TopicIndex}. */
    int indexPosition;

    IndexedFilter(final TopicGroup group, final LogFilter filter, final int place)
    {
        this.group = group;
        this.filter = filter;
        this.place = place;
    }
}
