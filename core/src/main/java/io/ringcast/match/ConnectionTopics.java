package io.ringcast.match;

import io.ringcast.metrics.SubscriptionKind;
import io.ringcast.session.ClientRights;
import io.ringcast.session.SlotVerdicts;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * The topics that one connection subscribes to, or waits to.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Most connections have a few, which are searched. One that has thousands gets tables, so that each further
 * subscribe or unsubscribe costs the same.
 */
final class ConnectionTopics
{
    private static final int SEARCHED = 32;

    /** The two halves of a subscription id. */
    private record Id(long high, long low)
    {
    }

    private Collection<TopicState> subscribed = new ArrayList<>(1);
    private Collection<TopicState> waiting = new ArrayList<>(0);
    /** The subscribed ones; null as long as there are few. */
    private Map<Id, TopicState> subscribedById;
    /** Of both; null as long as there are few. */
    private Map<String, BitSet> saltsByContent;
    /** The subscribed ones that tell the status. */
    final List<TopicState> statuses = new ArrayList<>(0);
    /** Those of the subscribed ones that may be behind. */
    final List<PatientSubscriber> patient = new ArrayList<>(0);
    /** Those of them that are to be told whole blocks from where they are; null before the first. */
    ToldQuestions told;

    /** A subscription has begun that may be behind. */
    void addPatient(final PatientSubscriber subscriber)
    {
        patient.add(subscriber);
        if (subscriber.toldPlace >= 0)
        {
            told = told == null ? new ToldQuestions() : told;
            told.onBegun();
        }
    }

    private boolean endIf(final PatientSubscriber subscriber, final TopicState topic)
    {
        final boolean isOver = subscriber.endIf(topic);
        if (isOver && subscriber.toldPlace >= 0)
        {
            told.onOver(subscriber);
        }
        return isOver;
    }

    /** Finds one that may be behind, by its topic and its grant; null if it has left it, also if it has come again. */
    PatientSubscriber findPatient(final int topicId, final int grant)
    {
        for (int i = 0; i < patient.size(); i++)
        {
            final PatientSubscriber subscriber = patient.get(i);
            if (subscriber.grant == grant && subscriber.topic.topic.topicId == topicId)
            {
                return subscriber;
            }
        }
        return null;
    }

    /** How many of its subscriptions read what was before they came. */
    int readerCount()
    {
        int count = 0;
        for (int i = 0; i < patient.size(); i++)
        {
            count += patient.get(i).history != null ? 1 : 0;
        }
        return count;
    }

    /** Who pays for its subscriptions; null before the first. */
    private ClientRights rights;
    /** How many are paid for. */
    private int taken;
    /** How many are paid for that are neither subscribed nor waiting: they are being asked for in another way. */
    private int moving;

    /** Pays for one subscription more; {@link #giveBack} takes back what did not come or came to an end. */
    boolean tryTake(final ClientRights payer, final SlotVerdicts verdicts)
    {
        rights = taken == 0 ? payer : rights;
        if (verdicts.ofSubscription(rights) != SlotVerdicts.PASSED)
        {
            return false;
        }
        taken++;
        return true;
    }

    /** Takes back what was paid for more than there is. */
    void giveBack()
    {
        giveBackTo(count() + moving);
    }

    /** One is about to be asked for in another way: it stays paid for. */
    void beginMove()
    {
        moving++;
    }

    /** It is asked for now, or is to be given back. */
    void endMove()
    {
        moving--;
    }

    /** Takes everything back: the connection is gone. */
    void giveAllBack()
    {
        patient.forEach(subscriber -> endIf(subscriber, subscriber.topic));
        giveBackTo(0);
    }

    private void giveBackTo(final int count)
    {
        while (taken > count)
        {
            taken--;
            rights.giveSubscription();
        }
    }

    int count()
    {
        return subscribed.size() + waiting.size();
    }

    Iterable<TopicState> subscribed()
    {
        return subscribed;
    }

    int subscribedCount()
    {
        return subscribed.size();
    }

    Iterable<TopicState> waiting()
    {
        return waiting;
    }

    void addSubscribed(final TopicState topic)
    {
        subscribed = added(subscribed, topic);
        if (topic.kind == SubscriptionKind.STATUS)
        {
            statuses.add(topic);
        }
        if (subscribedById != null)
        {
            subscribedById.put(new Id(topic.idHigh, topic.idLow), topic);
        }
        onAdded(topic);
    }

    void removeSubscribed(final TopicState topic)
    {
        subscribed.remove(topic);
        statuses.remove(topic);
        if (!patient.isEmpty())
        {
            patient.removeIf(subscriber -> endIf(subscriber, topic));
        }
        if (subscribedById != null)
        {
            subscribedById.remove(new Id(topic.idHigh, topic.idLow));
        }
        onRemoved(topic);
    }

    void addWaiting(final TopicState topic)
    {
        waiting = added(waiting, topic);
        onAdded(topic);
    }

    void removeWaiting(final TopicState topic)
    {
        waiting.remove(topic);
        onRemoved(topic);
    }

    /**
     * Finds the salt that sets a further subscription apart from those this connection has to the same thing.
     *
     * @param content what is subscribed to.
     * @return 0 for the first of them, else the lowest that is free.
     */
    int lowestFreeSalt(final String content)
    {
        if (count() == 0)
        {
            return 0;
        }
        if (saltsByContent != null)
        {
            final BitSet salts = saltsByContent.get(content);
            return salts == null ? 0 : salts.nextClearBit(0);
        }
        final BitSet taken = new BitSet();
        noteSalts(subscribed, content, taken);
        noteSalts(waiting, content, taken);
        return taken.nextClearBit(0);
    }

    /** Whether a subscription has an id, or waits to have it. */
    boolean isTaken(final long idHigh, final long idLow)
    {
        if (find(idHigh, idLow) != null)
        {
            return true;
        }
        for (final TopicState topic : waiting)
        {
            if (topic.idLow == idLow && topic.idHigh == idHigh)
            {
                return true;
            }
        }
        return false;
    }

    /**
     * Finds a topic by subscription id, compared as a number.
     *
     * @return the topic, or null if this connection does not own it.
     */
    TopicState find(final long idHigh, final long idLow)
    {
        if (subscribedById != null)
        {
            return subscribedById.get(new Id(idHigh, idLow));
        }
        for (final TopicState topic : subscribed)
        {
            if (topic.idLow == idLow && topic.idHigh == idHigh)
            {
                return topic;
            }
        }
        return null;
    }

    private static Collection<TopicState> added(final Collection<TopicState> topics, final TopicState topic)
    {
        final Collection<TopicState> result =
            topics.size() == SEARCHED && topics instanceof ArrayList ? new LinkedHashSet<>(topics) : topics;
        result.add(topic);
        return result;
    }

    private void onAdded(final TopicState topic)
    {
        if (saltsByContent != null)
        {
            noteSalt(topic);
        }
        else if (count() > SEARCHED)
        {
            saltsByContent = new LinkedHashMap<>();
            subscribedById = new LinkedHashMap<>();
            waiting.forEach(this::noteSalt);
            subscribed.forEach(this::noteSalt);
            subscribed.forEach(known -> subscribedById.put(new Id(known.idHigh, known.idLow), known));
        }
    }

    private void onRemoved(final TopicState topic)
    {
        if (saltsByContent == null)
        {
            return;
        }
        final BitSet salts = saltsByContent.get(topic.content);
        salts.clear(topic.salt);
        if (salts.isEmpty())
        {
            saltsByContent.remove(topic.content);
        }
    }

    private void noteSalt(final TopicState topic)
    {
        saltsByContent.computeIfAbsent(topic.content, content -> new BitSet()).set(topic.salt);
    }

    private static void noteSalts(final Collection<TopicState> topics, final String content, final BitSet taken)
    {
        for (final TopicState topic : topics)
        {
            if (topic.content.equals(content))
            {
                taken.set(topic.salt);
            }
        }
    }
}
