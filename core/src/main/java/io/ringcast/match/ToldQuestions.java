package io.ringcast.match;

import java.util.ArrayList;
import java.util.List;

/**
 * The subscriptions of one connection that have yet to be told whole blocks from where they are, and which of them ask
 * for that now.
 * Confined to the pipeline thread that runs match.
 *
 * <p>It counts them, so that a question costs the same however many there are: a connection may have thousands.
 */
final class ToldQuestions
{
    /** What one of them does. */
    enum Stage
    {
        /** It has never asked. */
        SILENT,
        ASKING,
        /** It has asked before, and not since it was answered. */
        ANSWERED
    }

    private final List<Intervals.Parked> asked = new ArrayList<>(2);
    /** How many are at each stage. */
    private int silent;
    private int answered;
    private int asking;
    private long lastCameNs;

    /** A subscription has begun that is to be told so. */
    void onBegun()
    {
        silent++;
    }

    /** A subscription that is to be told so has ended. */
    void onOver(final PatientSubscriber subscriber)
    {
        switch (subscriber.toldStage)
        {
            case ASKING -> asking--;
            case ANSWERED -> answered--;
            default -> silent--;
        }
    }

    /** One of the subscriptions asks for what comes next. */
    void onAsked(final Intervals.Parked question, final long nowNs)
    {
        final PatientSubscriber subscriber = question.subscriber;
        if (subscriber.toldStage == Stage.SILENT)
        {
            lastCameNs = nowNs;
            silent--;
            asking++;
        }
        else if (subscriber.toldStage == Stage.ANSWERED)
        {
            answered--;
            asking++;
        }
        subscriber.toldStage = Stage.ASKING;
        if (asked.size() > 2 * asking)
        {
            // Else who comes, asks and ends, again and again, would leave more and more behind.
            asked.removeIf(known -> known.subscriber.isOver);
        }
        asked.add(question);
    }

    /** A subscription has been told all. */
    void onDone()
    {
        answered--;
    }

    boolean isAnyAsking()
    {
        return asking > 0;
    }

    /** Whether a subscription asks not that has asked before: it will soon. */
    boolean isAnyBetween()
    {
        return answered > 0;
    }

    /** Whether a subscription has yet to ask: it may never. */
    boolean isAnySilent()
    {
        return silent > 0;
    }

    /** When a subscription asked last for the first time, in nanoseconds. */
    long lastCameNs()
    {
        return lastCameNs;
    }

    /** Gives the questions of those that ask, which from now on do not. */
    List<Intervals.Parked> take()
    {
        final List<Intervals.Parked> questions = new ArrayList<>(asking);
        for (final Intervals.Parked question : asked)
        {
            if (!question.subscriber.isOver)
            {
                questions.add(question);
                answered += question.subscriber.toldStage == Stage.ASKING ? 1 : 0;
                question.subscriber.toldStage = Stage.ANSWERED;
            }
        }
        asked.clear();
        asking = 0;
        return questions;
    }
}
