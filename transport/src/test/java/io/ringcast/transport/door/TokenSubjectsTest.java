package io.ringcast.transport.door;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.SubjectConfig;
import io.ringcast.session.ClientRights;
import io.ringcast.session.MethodFilter;
import org.junit.jupiter.api.Test;

/** Which rights the subjects of tokens have, also after tokens were not believed for a while. */
class TokenSubjectsTest
{
    private static final SubjectConfig TWO = new SubjectConfig(0, 0, 0, 0, 2);

    private final TokenSubjects subjects = new TokenSubjects();
    private final ClientRights together = rights();

    @Test
    void shouldGiveASubjectItsRightsAgain()
    {
        assertSame(subjects.of(token("a"), TWO, together), subjects.of(token("a"), TWO, together));
    }

    @Test
    void shouldRefuseOnlyWhileAllOthersHaveSomethingTaken()
    {
        final ClientRights first = subjects.of(token("a"), TWO, together);
        assertTrue(first.tryTakeConnection());
        assertTrue(subjects.of(token("b"), TWO, together).tryTakeConnection());

        assertNull(subjects.of(token("c"), TWO, together));
        first.giveConnection();
        assertFalse(subjects.of(token("c"), TWO, together).isRevoked());
    }

    /** A reload that takes tokens away revokes all who came with one; another lets them in again. */
    @Test
    void shouldLetASubjectInAgainGivenTokensThatAreBelievedAgain()
    {
        final ClientRights before = subjects.of(token("a"), TWO, together);
        together.revoke();
        assertTrue(before.isRevoked());

        assertFalse(subjects.of(token("a"), TWO, rights()).isRevoked());
    }

    private static ClientRights rights()
    {
        return new ClientRights("jwt", MethodFilter.ALL, 0, 0, 0, 0);
    }

    private static Token token(final String subject)
    {
        return new Token(subject, Long.MAX_VALUE, -1, -1, -1, -1);
    }
}
