#!/usr/bin/env node
import { runLanguageServer } from '../dist/main.js';

runLanguageServer();
