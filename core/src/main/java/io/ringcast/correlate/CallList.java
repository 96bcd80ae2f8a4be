package io.ringcast.correlate;

/**
 * Open calls in the order they were added, linked through the calls themselves; a call is in at most one such list.
 * Confined to the pipeline thread that runs correlate.
 */
final class CallList
{
    private PendingCall first;
    private PendingCall last;

    PendingCall first()
    {
        return first;
    }

    void add(final PendingCall call)
    {
        assert call.list == null;
        call.list = this;
        call.previousInList = last;
        call.nextInList = null;
        if (last == null)
        {
            first = call;
        }
        else
        {
            last.nextInList = call;
        }
        last = call;
    }

    /** Takes a call out of the list that it is in, if any. */
    static void remove(final PendingCall call)
    {
        final CallList list = call.list;
        if (list == null)
        {
            return;
        }
        if (call.previousInList == null)
        {
            list.first = call.nextInList;
        }
        else
        {
            call.previousInList.nextInList = call.nextInList;
        }
        if (call.nextInList == null)
        {
            list.last = call.previousInList;
        }
        else
        {
            call.nextInList.previousInList = call.previousInList;
        }
        call.list = null;
        call.previousInList = null;
        call.nextInList = null;
    }
}
