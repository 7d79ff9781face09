import { KmsPage } from './views/playground';

customElements.define('kms-page', KmsPage);
