INSERT INTO cases VALUES (1, 'amber', '0b5c6c1e-9a4c-4a54-8a57-1f1d2a3b4c5d', 'd022d2823710edfc5f8f711102d127b00e53ed26317a56d2168bced7517d2652',
    '4K7Q-2M3X-9TR', 'r', 's', 'complaint', 'pl-PL', '', '{"name":"Ewa","email":"Ewa@example.org","reason":"defective","description":"x"}', 'Ewa@example.org',
    '2026-11-20T12:03:00.123456Z', '2026-12-04', 'answer', 'art. 7a', 'accepts', 'closed', 'accepted', 0, 0, '');
INSERT INTO messages VALUES (1, 1, 'Hello', '2026-11-21T09:00:00.000000Z');
INSERT INTO outbox VALUES (1, 1, 'acknowledgement', 'a@x', 'f', 's', 'Ewa@example.org', 'r', 's', '', '', '2026-11-20T12:03:00.123456Z', 'sent', 1,
    '2026-11-20T12:03:00.123456Z', '', '2026-11-20T12:03:05.000000Z');
INSERT INTO outbox VALUES (2, 1, 'answer', 'b@x', 'f', 's', 'Ewa@example.org', 'r', 's', 'text', 'html', '2026-11-21T09:00:00.000000Z', 'queued', 0,
    '2026-11-21T09:00:00.000000Z', '', '');
INSERT INTO events VALUES (1, 1, 'received', '', '2026-11-20T12:03:00.123456Z');
INSERT INTO events VALUES (2, 1, 'answered', '', '2026-11-21T09:00:00.000000Z');
INSERT INTO events VALUES (3, 1, 'closed', 'accepted', '2026-11-21T10:00:00.000000Z');
PRAGMA user_version = 2;
