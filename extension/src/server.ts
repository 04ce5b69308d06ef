import { runLanguageServer } from '@sluice/language-server';

runLanguageServer();
