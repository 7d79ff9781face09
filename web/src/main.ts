// In the page from the start: asked for by name later on, these would take a round trip of their own.
import '../gallery/lambda-env.json';
import './i18n/en.first';
import './i18n/ja.first';
import { KmsPage } from './views/playground';

customElements.define('kms-page', KmsPage);
