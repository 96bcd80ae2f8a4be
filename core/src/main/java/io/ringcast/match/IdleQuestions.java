package io.ringcast.match;

import java.util.ArrayList;
import java.util.List;

/**
 * Questions to one group that wait for nothing but its next item.
 * Confined to the pipeline thread that runs match.
 */
final class IdleQuestions
{
    private static final int FIRST_LIMIT = 16;

    private final List<Intervals.Parked> questions = new ArrayList<>();
    private final List<IdleQuestions> published;
    private boolean isNoted;
    /** At so many those whose subscribers are gone are forgotten; a quiet group would keep them for good. */
    private int limit = FIRST_LIMIT;

    /**
     * Creates it without questions.
     *
     * @param published takes it when an item is published.
     */
    IdleQuestions(final List<IdleQuestions> published)
    {
        this.published = published;
    }

    void add(final Intervals.Parked question)
    {
        if (questions.size() >= limit)
        {
            questions.removeIf(parked -> parked.subscriber.isOver);
            limit = Math.max(FIRST_LIMIT, questions.size() * 2);
        }
        questions.add(question);
    }

    /** The group publishes an item. */
    void onPublished()
    {
        if (!isNoted && !questions.isEmpty())
        {
            isNoted = true;
            published.add(this);
        }
    }

    /** Takes one question after another; null, and it waits for another item, once there is none. */
    Intervals.Parked takeLast()
    {
        isNoted = !questions.isEmpty();
        return isNoted ? questions.remove(questions.size() - 1) : null;
    }
}
