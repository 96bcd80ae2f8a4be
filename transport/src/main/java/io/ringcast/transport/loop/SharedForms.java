package io.ringcast.transport.loop;

/**
 * Forms of items that the connections of one network on one loop share, and that whoever serves them makes.
 * Confined to that loop.
 */
public interface SharedForms
{
    /** Of a loop whose connections share nothing. */
    SharedForms NONE = new SharedForms()
    {
        @Override
        public void onIdle()
        {
            // There is nothing.
        }

        @Override
        public void close()
        {
            // There is nothing.
        }
    };

    /** A poll begins: nothing that was made is noted by an outlet any more. */
    void onIdle();

    /** Gives back what is held; on any thread, once the loop has ended. */
    void close();
}
